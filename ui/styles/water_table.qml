<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22.0" styleCategories="Symbology" hasScaleBasedVisibilityFlag="0">
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="0.8" alphaBand="-1" nodataColor="" classificationMin="0" classificationMax="3">
      <rasterTransparency/>
      <rastershader>
        <colorrampshader colorRampType="DISCRETE" classificationMode="1" clip="0" minimumValue="0" maximumValue="3">
          <item value="0.01" color="#b4b4b4" alpha="150" label="0 m (none)"/>
          <item value="0.25" color="#deebf7" alpha="255" label="0.01 to 0.25 m"/>
          <item value="0.5" color="#c6dbef" alpha="255" label="0.25 to 0.5 m"/>
          <item value="1" color="#9ecae1" alpha="255" label="0.5 to 1 m"/>
          <item value="1.5" color="#6baed6" alpha="255" label="1 to 1.5 m"/>
          <item value="2" color="#4292c6" alpha="255" label="1.5 to 2 m"/>
          <item value="3" color="#2171b5" alpha="255" label="2 to 3 m"/>
          <item value="inf" color="#084594" alpha="255" label="more than 3 m"/>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
    <brightnesscontrast brightness="0" contrast="0" gamma="1"/>
    <huesaturation saturation="0" grayscaleMode="0" colorizeOn="0"/>
    <rasterresampler maxOversampling="2"/>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
